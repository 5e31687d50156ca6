# The console: the page that shows every component.

design-title = Design
design-intro = Every component that the pages are made of, as your browser shows it: light or dark by its own setting.
design-colours = Colours
design-type = Type
design-buttons = Buttons
design-notes = Notes and tags
design-fields = Fields
design-folded = More fields
design-lists = Lists
design-table = A table
design-facts = Facts
design-ways = Ways to sign in
design-steps = Tabs and steps
design-charts = Charts
design-layout = Side by side
design-example = An example
design-hint = A hint says what is meant.
design-problem = A problem says what to do.
design-one = The first
design-two = The second
