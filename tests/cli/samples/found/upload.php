<?php
# curl_init('https://api.vimmerse.net/story') came first
$base = 'https://api.vimmerse.net';
$ch = curl_init();
curl_setopt($ch, CURLOPT_URL, "$base/media/$id");
curl_setopt($ch, CURLOPT_CUSTOMREQUEST, 'PUT');
curl_exec($ch);

$response = $client->request('POST', $base . '/story/' . $story . '/scenes', [
    'form_params' => ['option' => 'FluxPro', 'seed' => 4, 'narrator' => $voice],
]);
