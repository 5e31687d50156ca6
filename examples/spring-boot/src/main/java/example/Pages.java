package example;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The pages; their templates are of the same names. */
@Controller
class Pages {
    private final Api api;

    Pages(Api api) {
        this.api = api;
    }

    @GetMapping("/")
    String home() {
        return "home";
    }

    @GetMapping("/profile")
    String profile(@AuthenticationPrincipal OidcUser user, Model page) {
        page.addAttribute("user", user);
        return "profile";
    }

    @GetMapping("/api")
    String api(Model page) {
        page.addAttribute("answer", api.answer());
        return "api";
    }
}
