"""The source in the form of the spec: functions, their parameters, loops and conditions, and what stands in them."""
