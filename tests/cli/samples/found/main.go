package main

import (
	"fmt"
	"net/http"
)

const base = "https://api.vimmerse.net"

func status(id string) (*http.Response, error) {
	url := fmt.Sprintf("%s/media/%s/processing-status", base, id)
	return http.Get(url)
}

func drop(id string) error {
	req, err := http.NewRequest("DELETE", base+"/story/"+id, nil)
	if err != nil {
		return err
	}
	_, err = http.DefaultClient.Do(req)
	return err
}
