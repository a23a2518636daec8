package dev.longhaul.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// Errors that no handler saw, as problem documents.
@Controller
class ErrorPage implements ErrorController {

    private final ProblemHandler problems;

    ErrorPage(ProblemHandler problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        problems.write(ProblemHandler.ofStatus(status instanceof Integer code ? code : 404), request, response);
    }
}
