# What administrators may do.

role-owner = Owner
role-owner-hint = Everything, naming other owners included.
role-administrator = Administrator
role-administrator-hint = Everything but what is kept for owners.
role-people-manager = People manager
role-people-manager-hint = Accounts and their sessions.
role-app-manager = App manager
role-app-manager-hint = Apps and what was refused of them.
role-auditor = Auditor
role-auditor-hint = Sees everything that is no secret, and changes nothing.
