"""The pages: one of the shop's own, and those of allauth."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home),
    path("userinfo", views.userinfo),
    path("api", views.api),
    path("accounts/", include("allauth.urls")),
]
