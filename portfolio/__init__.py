"""An invented book of receivables: what the ERP's double serves and the sample data matches.

Plain data, pure and repeatable: the same day gives the same book. Knows neither product nor
sandbox, so that both may read it. Money in cents. Nobody in it exists.
"""
