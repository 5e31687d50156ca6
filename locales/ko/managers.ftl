# 콘솔: 역할 없이 앱 하나나 그룹 하나의 사람들을 맡은 담당자.

managers-title = 담당자
managers-app-hint = 담당자는 앱 관리자처럼 이 앱을 바꿀 수 있지만 다른 앱은 볼 수 없어요. 앱을 삭제하거나 앱이 지금 쓸 수 없는 것까지 쓰게 할 수는 없어요.
managers-group-hint = 담당자는 사람 관리자처럼 이 그룹의 사람들을 관리하고 새로운 사람을 초대할 수 있어요. 담당자보다 많은 권한을 가진 사람은 건드릴 수 없어요.
managers-none = 역할 없이 맡은 사람이 없어요.
managers-added = 담당자로 지정했어요.
managers-removed = 담당에서 뺐어요. 지금부터 바로 적용돼요.
managers-ask = 담당에서 뺄까요? 바로 적용돼요.
managers-too-many = 담당자를 더 지정할 수 없어요. 이 항목이나 이 사람에게서 담당을 하나 뺀 뒤 다시 시도하세요.
managers-service-account = 서비스 계정
managers-who = 이메일 주소 또는 클라이언트 ID
managers-who-hint = 스스로 동작하는 앱(client_credentials grant)은 클라이언트 ID로 지정해요. 지정하면 관리 API로 이 항목을 관리할 수 있어요.
managers-nobody = 이 주소를 쓰는 계정도, 이 ID를 쓰는 앱도 없어요.
managers-no-service-account = 이 앱은 자기 토큰을 받지 않아요. 먼저 client_credentials grant를 허용해 주세요.
