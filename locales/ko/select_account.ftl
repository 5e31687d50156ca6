# Choosing an account.

select-account-title = 계정을 선택해 주세요
select-account-for = { $app }에서 쓸 계정이에요.
select-account-other = 다른 계정 사용
