# Around every page.

frame-skip = Skip to the content
frame-languages = Language
frame-help = Get help
