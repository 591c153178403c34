"""Paragraphs of the written pages."""


def said(text: str) -> str:
    """A text that is wrapped in the source as one line."""
    return " ".join(text.split())
