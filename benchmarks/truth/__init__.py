"""How often is the workbook wrong? Made-up firms through tables, sessions and findings."""
