"""From executed notebooks to a report: HTML, PDF and PPTX of one content model."""
