# The console: apps.

apps-title = Apps
