# Choosing an account.

select-account-title = 계정을 골라 주세요
select-account-for = { $app } 이용에 쓸 계정이에요.
select-account-other = 다른 계정 사용하기
