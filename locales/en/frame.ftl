# Around every page.

frame-skip = Skip to the content
frame-languages = Language
frame-help = Get help
frame-unclaimed = This server has no administrator yet. Where it runs, this prints the link that makes one:
