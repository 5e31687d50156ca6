# The console: what declared files manage.

managed-by = The files of “{ $owner }” manage this: change it there. Here it can only be switched off, and its secrets renewed.
managed-whole = The files of “{ $owner }” manage this: change it there.
managed-release = Release
managed-title = Release { $name } from its files?
managed-hint = From then on it is changed here, like everything else. If the files of “{ $owner }” still declare it, they manage it again the next time they are applied: take it out of them first.
managed-problem = The files of “{ $owner }” manage this: change it there, or release it first.
managed-done = Released: it is changed here from now on.
