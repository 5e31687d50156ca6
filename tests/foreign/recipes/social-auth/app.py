"""Django with Python Social Auth, as its documentation sets it up, in one file."""

import os
import sys

import django
import requests
from django.conf import settings
from django.core.management import execute_from_command_line

import haechi

settings.configure(
    DEBUG=True,
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "social_django",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["social_core.backends.open_id_connect.OpenIdConnectAuth"],
    LOGIN_REDIRECT_URL="/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    **{name: value for name, value in vars(haechi).items() if name.isupper()},
)
django.setup()

from django.contrib.auth import logout  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.template import RequestContext, Template  # noqa: E402
from django.urls import include, path  # noqa: E402
from social_django.utils import load_strategy  # noqa: E402


PAGE = Template(
    """{% if user.is_authenticated %}<p>{{ user.get_full_name }} {{ user.email }}</p>
{% else %}<form method="post" action="{% url 'social:begin' 'oidc' %}">{% csrf_token %}<button>Sign in</button></form>{% endif %}"""
)


def home(request):
    return HttpResponse(PAGE.render(RequestContext(request, {"user": request.user})))


def userinfo(request):
    social = request.user.social_auth.get(provider="oidc")
    return JsonResponse(social.get_backend_instance(load_strategy()).user_data(social.access_token))


def api(request):
    token = request.user.social_auth.get(provider="oidc").access_token
    return JsonResponse(requests.get(os.environ["API"], headers={"Authorization": f"Bearer {token}"}, timeout=5).json())


def refresh(request):
    request.user.social_auth.get(provider="oidc").refresh_token(load_strategy())
    return HttpResponse("refreshed")


def sign_out(request):
    logout(request)
    return redirect("/")


urlpatterns = [
    path("", home),
    path("userinfo", userinfo),
    path("api", api),
    path("refresh", refresh),
    path("sign-out", sign_out),
    path("", include("social_django.urls", namespace="social")),
]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
