package example;

import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A service with one endpoint, for callers whose access token has the scope {@code orders:read}. */
@SpringBootApplication
@RestController
public class Orders {
    public static void main(String[] arguments) {
        SpringApplication.run(Orders.class, arguments);
    }

    record Order(int id, String item) {}

    record Answer(List<Order> orders, String reader) {}

    @GetMapping("/orders")
    Answer orders(Authentication caller) {
        return new Answer(List.of(new Order(1, "granite statue")), caller.getName());
    }
}
