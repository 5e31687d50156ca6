"""Where allauth sends people."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class Adapter(DefaultAccountAdapter):
    """Signing out here ends the session at Haechi too: OpenID Connect RP-Initiated Logout 1.0."""

    def get_logout_redirect_url(self, request):
        return settings.HAECHI_LOGOUT_URL
