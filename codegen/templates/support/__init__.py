"""What the bindings of both engines stand on: models as views, requests, replies, errors, streams, client."""
