"""Plan, retrieve, select, compose, verify, respond: plain Python without HTTP."""
