"""A sandbox furnished from a YAML file: clinics, doctors, calendars, visits and breaks as a vendor wants them."""
