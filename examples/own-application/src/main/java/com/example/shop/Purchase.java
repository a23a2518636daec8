package com.example.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class Purchase {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long id;
    private String customer;
    private long cents;
    private String status = "new";

    protected Purchase() {
    }

    public Purchase(String customer, long cents) {
        this.customer = customer;
        this.cents = cents;
    }

    public Long id() {
        return id;
    }

    public String customer() {
        return customer;
    }

    public long cents() {
        return cents;
    }

    public String status() {
        return status;
    }

    public void become(String status) {
        this.status = status;
    }
}
