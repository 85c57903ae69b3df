"""The warehouse on a Spark cluster: marts written there, where one machine takes too long."""
