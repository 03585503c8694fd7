package org_test

import (
	"testing"

	"openseat/core/org"
)

func TestLocate(t *testing.T) {
	for _, c := range []struct {
		number, region string
		want           org.Location
	}{
		{"008613800138000", "", org.Location{Country: "中国", Province: "北京", City: "北京", Operator: "移动"}},
		{"008618612345678", "CN", org.Location{Country: "中国", Province: "北京", City: "北京", Operator: "联通"}},
		{"13912345678", "", org.Location{Country: "中国", Province: "江苏", City: "常州", Operator: "移动"}},
		{"0086075512345678", "", org.Location{Country: "中国", Province: "广东", City: "深圳"}},
		{"008657187654321", "", org.Location{Country: "中国", Province: "浙江", City: "杭州"}},
		{"00862112345678", "", org.Location{Country: "中国", Province: "上海", City: "上海"}},
		{"00868911234567", "", org.Location{Country: "中国", Province: "西藏", City: "拉萨"}},
		{"00869991234567", "", org.Location{Country: "中国", Province: "新疆", City: "伊犁哈萨克自治州"}},
		{"008617012345678", "", org.Location{Country: "中国", Operator: "电信"}},
		{"00864008001000", "", org.Location{Country: "中国"}},
		{"00493012345678", "", org.Location{Country: "德国", City: "Berlin"}},
		{"008613800138000", "US", org.Location{Country: "China", Province: "Beijing", City: "Beijing", Operator: "China Mobile"}},
		{"008675512345678", "DE", org.Location{Country: "China", Province: "Guangdong", City: "Shenzhen"}},
		{"(415) 555-2671", "US", org.Location{Country: "United States", Province: "CA", City: "San Francisco"}},
		{"00447700900123", "GB", org.Location{Country: "United Kingdom", Operator: "O2"}},
		{"anonymous", "", org.Location{}},
		{"", "", org.Location{}},
		{"7001", "", org.Location{}},
		{"95588", "", org.Location{}},
	} {
		if got := org.Locate(c.number, c.region); got != c.want {
			t.Errorf("%s in %q: got %+v, want %+v", c.number, c.region, got, c.want)
		}
	}
	v := &org.View{Instance: org.Instance{Settings: org.Settings{Region: "GB"}}}
	if got := v.Locate("02079460018"); got.City != "London" {
		t.Errorf("at home in Britain: %+v", got)
	}
}
