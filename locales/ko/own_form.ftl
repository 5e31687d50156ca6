# A form that was drawn for another sign-in than the one in use.

own-form-title = 다른 로그인에서 연 화면이에요
own-form-other = 지금은 { $email } 계정으로 로그인되어 있는데, 방금 쓴 화면은 { $other } 계정으로 열었던 화면이에요. 바뀐 것은 없어요.
own-form-ended = 지금은 { $email } 계정으로 로그인되어 있는데, 방금 쓴 화면은 이전 로그인에서 열었던 화면이에요. 바뀐 것은 없어요.
own-form-continue = { $email } 계정으로 계속하기
own-form-switch = { $email } 계정으로 바꾸기
