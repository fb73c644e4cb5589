"""Those who are measured: each module's `Peer` does the workloads it can, by methods named as they are.

A method takes how many times (or how many of what) and may return further numbers; `prepare_NAME` comes before it and
is not measured. The rivals' modules run in an environment of their own, so nothing here imports ours but ours.
"""
