# Returning to the client by a form that posts itself.

form-post-title = Returning to { $app }
form-post-body = If nothing happens, press the button.
form-post-submit = Continue
