# The console: apps.

apps-title = 앱
