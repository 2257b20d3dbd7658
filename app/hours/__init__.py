"""When people attend: weekly hours, holidays, own dates, and what customers are told outside."""
