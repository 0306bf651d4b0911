"""Classical models as baselines: GARCH(1,1), and ETS, ARIMA and Theta that choose themselves.

They come from `arch` and `statsmodels` and are needed for evaluation only. Each returns mixtures of
one Gaussian for every origin and horizon, fitted on days up to the origin only.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from arch import arch_model
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from core.probabilistic.mixture import Mixture, gaussian

_PERCENT = 100.0
"""GARCH is fitted to returns in percent, where its optimiser finds its way."""
LONGEST_FIT = 500
"""Days that ETS, ARIMA and Theta are fitted to: the last ones before the origin."""


@dataclass(frozen=True)
class Garch:
    """r_t = mean + e_t; the variance of e_t is omega + alpha e_{t-1}^2 + beta times the last one.

    Source: Bollerslev (1986), doi:10.1016/0304-4076(86)90063-1.
    """

    mean: float
    omega: float
    alpha: float
    beta: float

    def variances(self, returns: np.ndarray) -> np.ndarray:
        """Return (N,): row t is the variance of return t + 1, given those up to t."""
        found, variance = np.empty(len(returns)), float(np.var(returns[:LONGEST_FIT]))
        for day, error in enumerate((returns - self.mean).tolist()):
            variance = self.omega + self.alpha * error**2 + self.beta * variance
            found[day] = variance
        return found

    def cumulative(self, variances: np.ndarray, horizons: np.ndarray) -> np.ndarray:
        """Return (N, Z) variances of the sum of the next returns, for each of `variances` (N,)."""
        share = min(self.alpha + self.beta, 0.9999)
        usual = self.omega / (1 - share)
        powers = (1 - share**horizons) / (1 - share)
        return usual * horizons + (variances[:, None] - usual) * powers


def fit_garch(returns: np.ndarray) -> Garch:
    """Fit GARCH(1,1) with a constant mean and normal errors by maximum likelihood."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an optimiser that stops early still returns its best
        found = arch_model(_PERCENT * returns, mean="Constant", rescale=False).fit(disp="off")
    mean, omega, alpha, beta = found.params.to_numpy()
    return Garch(mean / _PERCENT, omega / _PERCENT**2, alpha, beta)


def garch(
    returns: np.ndarray, origins: np.ndarray, horizons: np.ndarray, *, refit_days: int = 250
) -> Mixture:
    """Forecast cumulative returns; the model is fitted anew every `refit_days` origins.

    Args:
        returns: (S,) log returns; return r leads to price r + 1.
        origins: (N,) ascending rows of prices.
        horizons: (Z,) steps ahead.
        refit_days: Between two fits only the variance is carried on, not the parameters.
    """
    means, scales = [], []
    for start in range(0, len(origins), refit_days):
        chunk = origins[start : start + refit_days]
        model = fit_garch(returns[: chunk[0]])
        variances = model.variances(returns[: chunk[-1]])[chunk - 1]
        scales.append(np.sqrt(model.cumulative(variances, horizons)))
        means.append(np.broadcast_to(model.mean * horizons, scales[-1].shape))
    return gaussian(np.concatenate(means), np.concatenate(scales))


def classical(values: np.ndarray, num_horizons: int) -> Iterator[tuple[str, Mixture]]:
    """Yield ETS, ARIMA and Theta forecasts (Z,) of what follows a series.

    Form and order are chosen by the corrected Akaike criterion, as AutoETS and AutoARIMA do.

    Args:
        values: (N,) without a season; only the last `LONGEST_FIT` are used.
        num_horizons: Steps ahead (Z).
    """
    last = values[-LONGEST_FIT:]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # candidates that do not converge lose by their criterion
        yield "auto_ets", _auto_ets(last, num_horizons)
        yield "auto_arima", _auto_arima(last, num_horizons)
        yield "theta", _theta(last, num_horizons)


def _auto_ets(values: np.ndarray, num_horizons: int) -> Mixture:
    """Choose among no trend, a trend and a damped one; errors add up.

    Source: Hyndman & Khandakar (2008), doi:10.18637/jss.v027.i03, section 2, table 2.
    """
    forms = ({"trend": None}, {"trend": "add"}, {"trend": "add", "damped_trend": True})
    fits = [ETSModel(values, error="add", **form).fit(disp=False) for form in forms]
    best = min(fits, key=lambda fit: fit.aicc)
    named = dict(zip(best.param_names, best.params, strict=True))
    level, trend, damping = (
        named.get(name, default)
        for name, default in (
            ("smoothing_level", 0.0),
            ("smoothing_trend", 0.0),
            ("damping_trend", 1.0),
        )
    )
    steps = np.arange(1, num_horizons)
    kept = level + trend * np.cumsum(damping**steps)  # of an error so many steps before
    variances = best.mse * np.cumsum([1.0, *kept**2])
    return gaussian(np.asarray(best.forecast(num_horizons)), np.sqrt(variances))


def _auto_arima(values: np.ndarray, num_horizons: int) -> Mixture:
    """Choose among all orders with p + q up to 2 and d up to 1.

    Source: Hyndman & Khandakar (2008), doi:10.18637/jss.v027.i03, section 3.
    """
    centre = values.mean()
    fits = []
    for p, d, q in product(range(3), range(2), range(3)):
        if p + q > 2:
            continue
        try:
            model = ARIMA(values - centre, order=(p, d, q), trend="n" if d else "c")
            fits.append((model.fit(method="innovations_mle").aicc, d, model))
        except (ValueError, np.linalg.LinAlgError):
            continue  # not stationary as estimated: this order is no candidate
    _, _, best = min(fits, key=lambda fit: fit[0])
    found = best.fit(method="innovations_mle").get_forecast(num_horizons)
    return gaussian(found.predicted_mean + centre, np.asarray(found.se_mean))


def _theta(values: np.ndarray, num_horizons: int) -> Mixture:
    """Source: Assimakopoulos & Nikolopoulos (2000), doi:10.1016/S0169-2070(00)00066-2."""
    found = ThetaModel(values, period=1, deseasonalize=False).fit()
    # One standard deviation to each side holds 68.27 %.
    low, high = found.prediction_intervals(num_horizons, alpha=0.3173).to_numpy().T
    return gaussian(found.forecast(num_horizons).to_numpy(), (high - low) / 2)


def fit_ridge(columns: np.ndarray, outcomes: np.ndarray, penalty: float) -> np.ndarray:
    """Return (M, Z) least-squares weights, shrunk to 0 by `penalty`.

    Args:
        columns: (N, M) what is known.
        outcomes: (N, Z) what came.
        penalty: Added to the diagonal; counts like so many days of a standardised column.
    """
    products = columns.T @ columns + penalty * np.eye(columns.shape[1])
    return np.linalg.solve(products, columns.T @ outcomes)
