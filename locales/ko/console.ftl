# What every page of the console has.

console-confirm = 본인 확인
console-confirm-hint = 로그인한 지 시간이 꽤 지났어요.
console-confirm-needed = 로그인한 지 시간이 꽤 지났어요. 비밀번호를 다시 입력해 주세요.
console-confirm-elsewhere = 로그인한 지 시간이 꽤 지났는데 이 계정에는 비밀번호가 없어요. 로그아웃한 뒤 다시 로그인해서 진행해 주세요.
