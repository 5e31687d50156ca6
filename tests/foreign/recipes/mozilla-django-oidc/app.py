"""Django with mozilla-django-oidc, as its documentation sets it up, in one file."""

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
        "mozilla_django_oidc",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    **{name: value for name, value in vars(haechi).items() if name.isupper()},
)
django.setup()

from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.template import RequestContext, Template  # noqa: E402
from django.urls import include, path  # noqa: E402

PAGE = Template(
    """{% if user.is_authenticated %}<p>{{ user.email }}</p>
<form method="post" action="{% url 'oidc_logout' %}">{% csrf_token %}<button>Sign out</button></form>
{% else %}<a href="{% url 'oidc_authentication_init' %}">Sign in</a>{% endif %}"""
)


def home(request):
    return HttpResponse(PAGE.render(RequestContext(request, {"user": request.user})))


def userinfo(request):
    headers = {"Authorization": f"Bearer {request.session['oidc_access_token']}"}
    return JsonResponse(requests.get(settings.OIDC_OP_USER_ENDPOINT, headers=headers, timeout=5).json())


urlpatterns = [path("", home), path("userinfo", userinfo), path("oidc/", include("mozilla_django_oidc.urls"))]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
