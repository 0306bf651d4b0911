"""What was typed and what is read: words and their places, tables of texts, told verdicts."""
