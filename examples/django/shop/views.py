"""The shop's own pages."""

import requests
from allauth.socialaccount.models import SocialToken
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import render
from django.conf import settings


def home(request):
    return render(request, "home.html")


@login_required
def userinfo(request):
    """What UserInfo says: a call with the access token that allauth keeps."""
    token = SocialToken.objects.get(account__user=request.user)
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    metadata = requests.get(f"{app['settings']['server_url']}/.well-known/openid-configuration", timeout=5).json()
    headers = {"Authorization": f"Bearer {token.token}"}
    return JsonResponse(requests.get(metadata["userinfo_endpoint"], headers=headers, timeout=5).json())
