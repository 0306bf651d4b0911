"""What prices tempt people to: rules that trade, and four mistakes, each with its honest number."""
