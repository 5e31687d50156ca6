# Returning to the client by a form that posts itself.

form-post-title = { $app } 화면으로 돌아가고 있어요
form-post-body = 화면이 넘어가지 않으면 버튼을 눌러 주세요.
form-post-submit = 계속
