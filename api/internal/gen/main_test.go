package main

import (
	"go/format"
	"strings"
	"testing"
)

func TestTypesOfADeclaration(t *testing.T) {
	const declaration = `
/** prose that is not taken */
export interface PlayRequest {
    /** more prose */
    SdkAppId: number;
    Items: Array<Item>;
    Loud?: boolean;
    Volumes?: Array<number | bigint>;
}
export interface Item {
    Temperature?: number;
    Inner?: Inner;
}
export interface Inner {
    Name: string;
}
export interface PlayResponse {
    Count?: number;
    Item?: Item;
    Last?: Answered;
    RequestId?: string;
}
export interface Answered {
    Name?: string;
}
`
	shapes, err := read(strings.NewReader(declaration))
	if err != nil {
		t.Fatal(err)
	}
	src, err := format.Source(write(shapes))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(string(src)), " ")
	for _, want := range []string{
		"SdkAppId int64 `json:\"SdkAppId\" api:\"required\"`",
		"Items []Item `json:\"Items\" api:\"required\"`",
		"Loud *bool `json:\"Loud,omitempty\"`",
		"Volumes []int64 `json:\"Volumes,omitempty\"`",
		"Temperature *float64",
		"Inner *Inner `json:\"Inner,omitempty\"`",
		"type Inner struct { Name string `json:\"Name\" api:\"required\"` }",
		"type PlayResponse struct { Count int64 `json:\"Count\"` Item *Item `json:\"Item\"` Last *Answered `json:\"Last\"` Result }",
		"type Answered struct { Name string `json:\"Name\"` }",
		"func (r *PlayRequest) Instance() openseat.AppID",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing %s in\n%s", want, src)
		}
	}
	if strings.Contains(got, "prose") {
		t.Error("prose was taken")
	}
}
