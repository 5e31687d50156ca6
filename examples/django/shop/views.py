"""The shop's own pages."""

import os

import requests
from allauth.socialaccount.models import SocialToken
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.conf import settings


def home(request):
    return render(request, "home.html")


@login_required
def userinfo(request):
    """What UserInfo says."""
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    metadata = requests.get(f"{app['settings']['server_url']}/.well-known/openid-configuration", timeout=5).json()
    return JsonResponse(called(request.user, metadata["userinfo_endpoint"]))


@login_required
def api(request):
    """A service of yours, called in the person's name: API is its URL."""
    if "API" not in os.environ:
        return HttpResponse("API is not set: start the app with the URL of a service of yours in it.", status=501)
    return JsonResponse(called(request.user, os.environ["API"]))


def called(user, url):
    """What a service answers to the access token that allauth keeps."""
    token = SocialToken.objects.get(account__user=user)
    return requests.get(url, headers={"Authorization": f"Bearer {token.token}"}, timeout=5).json()
