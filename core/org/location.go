package org

// Location is where a telephone number belongs. What is not known is empty; names are in the instance's language.
type Location struct {
	Country  string `json:"country,omitempty"`
	Province string `json:"province,omitempty"`
	City     string `json:"city,omitempty"`
	Operator string `json:"operator,omitempty"`
}
