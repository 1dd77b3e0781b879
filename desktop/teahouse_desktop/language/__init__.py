"""What language the window speaks: catalogues, dates, names of keys."""
