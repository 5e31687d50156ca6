# A form that was drawn for another sign-in than the one in use.

own-form-title = 다른 계정으로 열어 둔 화면이에요
own-form-other = 지금은 { $email } 계정으로 로그인되어 있어요. 방금 쓴 화면은 { $other } 계정으로 연 화면이라 아무것도 바꾸지 않았어요.
own-form-ended = 지금은 { $email } 계정으로 로그인되어 있어요. 방금 쓴 화면은 이전 로그인에서 연 화면이라 아무것도 바꾸지 않았어요.
own-form-continue = { $email } 계정으로 계속하기
own-form-switch = { $email } 계정으로 전환하기
