import asyncio
import os
import httpx

API = 'https://api.vimmerse.net'
KEY = os.environ['VIMMERSE_API_KEY']


async def post(path, **fields):
    async with httpx.AsyncClient() as http:
        r = await http.post(API + path, headers={'X-Api-Key': KEY}, data=fields)
    r.raise_for_status()
    return r.json()['data']


async def main():
    clips = await asyncio.gather(
        post('/media', prompt='Rain on a tin roof', duration='4'),
        post('/media', prompt='Snow on a pine wood', duration='6', loop='2'),
    )
    print(len(clips), 'clips')


asyncio.run(main())
