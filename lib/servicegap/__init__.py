"""The Service Gap Workbook."""
