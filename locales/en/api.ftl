# The administration API, for people.

api-title = Administration API
api-intro = Everything that administrators do, for programs. Access tokens are for the resource below, and their scope says how much they are good for.
api-document = The same as an OpenAPI document
api-scope = Scope
api-statuses = Answers
api-documents = Documents
api-problems = What can go wrong
