# The console: what declared files manage.

managed-by = “{ $owner }” 파일로 관리하고 있어요. 바꾸려면 그 파일을 고치세요. 여기서는 끄거나 시크릿을 교체할 수만 있어요.
managed-whole = “{ $owner }” 파일로 관리하고 있어요. 바꾸려면 그 파일을 고치세요.
managed-release = 파일 관리 해제
managed-title = { $name }의 파일 관리를 해제할까요?
managed-hint = 해제하면 다른 것과 똑같이 여기서 바꿀 수 있어요. “{ $owner }” 파일에 선언이 남아 있으면 다음에 적용할 때 다시 파일로 관리하게 되니, 먼저 파일에서 빼세요.
managed-problem = “{ $owner }” 파일로 관리하고 있어요. 파일을 고치거나, 먼저 파일 관리를 해제하세요.
managed-done = 파일 관리를 해제했어요. 이제 여기서 바꿀 수 있어요.
