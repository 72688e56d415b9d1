"""The neighbour that notices: what goes on, told to a home system over MQTT."""
