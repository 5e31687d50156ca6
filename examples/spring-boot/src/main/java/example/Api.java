package example;

import static org.springframework.security.oauth2.client.web.client.RequestAttributeClientRegistrationIdResolver.clientRegistrationId;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** A service that is called in the user's name: Spring adds the access token, and refreshes it when it is about to expire. */
@Component
class Api {
    private final RestClient client;

    Api(@Value("${shop.api}") String url, OAuth2AuthorizedClientManager tokens) {
        client = RestClient.builder()
                .baseUrl(url)
                .requestInterceptor(new OAuth2ClientHttpRequestInterceptor(tokens))
                .build();
    }

    String answer() {
        return client.get().attributes(clientRegistrationId("haechi")).retrieve().body(String.class);
    }
}
