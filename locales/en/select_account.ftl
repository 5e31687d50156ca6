# Choosing an account.

select-account-title = Choose an account
select-account-for = to continue to { $app }
select-account-other = Use another account
