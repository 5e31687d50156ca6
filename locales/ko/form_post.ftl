# Returning to the client by a form that posts itself.

form-post-title = { $app } 화면으로 돌아가는 중
form-post-body = 아무 일도 일어나지 않으면 버튼을 눌러 주세요.
form-post-submit = 계속
