"""Names, meanings, reasons and roles of the stages and steps of a request and an order."""
