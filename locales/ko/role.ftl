# What administrators may do.

role-owner = 소유자
role-owner-hint = 다른 소유자를 정하는 것까지 모든 일을 할 수 있어요.
role-administrator = 관리자
role-administrator-hint = 소유자만 할 수 있는 일을 빼고 모두 할 수 있어요.
role-people-manager = 사용자 관리자
role-people-manager-hint = 계정과 세션을 관리해요.
role-app-manager = 앱 관리자
role-app-manager-hint = 앱을 관리하고, 앱의 거절된 요청을 볼 수 있어요.
role-auditor = 감사자
role-auditor-hint = 비밀이 아닌 것을 모두 볼 수 있고, 아무것도 바꾸지 못해요.
