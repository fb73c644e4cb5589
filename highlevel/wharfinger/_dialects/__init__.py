"""Intent to Operation, reply to value, for each engine. The only importers of wharfinger_api."""
