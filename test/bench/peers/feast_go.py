"""Starts the Go feature server that Feast 0.29 has within its Python package, over the repository that it is started in.

usage: feast_go.py PORT

`feast serve --go` of that release starts the Python server: it asks whether the Go server is there before it makes it.
"""

import sys

from feast import FeatureStore

store = FeatureStore(repo_path=".")
store.config.go_feature_serving = True
store._lazy_init_go_server()
store.serve("127.0.0.1", int(sys.argv[1]), "http", no_access_log=True, no_feature_log=True)
