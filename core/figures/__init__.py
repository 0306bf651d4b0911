"""Arrays and labels become Plotly figures; no Streamlit here, and no tasks.

Reading order: theme.py (colours and layout), then any figure. Import a figure from its own file:
`from core.figures.unrolled import unrolled`.
"""
