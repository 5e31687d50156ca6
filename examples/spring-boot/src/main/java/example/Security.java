package example;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.web.SecurityFilterChain;

/** Everything but the front page is for signed-in users; signing out here signs out at Haechi, too. */
@Configuration
class Security {
    @Bean
    SecurityFilterChain rules(HttpSecurity http, ClientRegistrationRepository registrations) throws Exception {
        // RP-initiated logout: Haechi ends its session and sends the browser back to the front page.
        var logout = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        logout.setPostLogoutRedirectUri("{baseUrl}/");

        return http.authorizeHttpRequests(rules -> rules
                        .requestMatchers("/").permitAll()
                        .anyRequest().authenticated())
                .oauth2Login(withDefaults())
                .logout(configurer -> configurer.logoutSuccessHandler(logout))
                .build();
    }
}
